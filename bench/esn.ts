/** The former name of the bench `stream`. */
import './stream/index';
