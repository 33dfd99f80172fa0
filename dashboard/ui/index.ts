/** What the Dashboard loads: the components of the widgets, and their style. */
import LearningWidget from './LearningWidget.vue';
import LoopWidget from './LoopWidget.vue';
import MotorWidget from './MotorWidget.vue';
import style from './widgets.css?inline';

const element = document.createElement('style');
element.textContent = style;
document.head.append(element);

export { LearningWidget, LoopWidget, MotorWidget };
