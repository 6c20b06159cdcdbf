"""Mail to readers, which they asked for and confirmed, and letters of the newsroom.

`asking` notes who asked, `decisions` what they are to hear; both put rows into the outbox
(`comments.models.Mail`). The mail worker alone goes through it: `sending` takes what is due,
`messages` puts it into words, `delivery` hands it to the mail server. `pages` are what the links
in the mails lead to, at the signed addresses of `links`; `bounces` reads what came back.
"""
