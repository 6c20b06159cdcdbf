"""A reader's right to what is kept of them: to see it, to take it away, to have it erased.

`forms` and `views` are the pages; `mailing` is what the mail worker does with a request, `links`
makes and reads the signed address that it mails, `record` puts together all that is kept.
"""
