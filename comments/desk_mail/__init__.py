"""Mail to moderators about what waits for them, as each has chosen (comments.models.MailChoice).

`news` asks what there is to tell, `messages` puts it into words, `sending` is what the mail worker
does; `links` are the signed addresses in a mail, and `pages` what they lead to. The mails hold the
text of replies, other than those to readers; of a reader's address they hold nothing.
"""
