/** What a model has learned, as a picture. */
namespace EdgeTrainer {
  export function showModel(_near: JQuery, _id: string, _card: Card): void {}
}
