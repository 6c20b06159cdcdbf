// The page of the queue: what a moderator does with the cards, with keys, mouse and touch.

import "newsroom/queue-deciding";
import "newsroom/queue-changes";
import "newsroom/queue-keys";
import "newsroom/queue-pulse";
