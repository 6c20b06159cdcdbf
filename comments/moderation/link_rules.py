"""Rules for where a reply leads to."""

from django.utils.translation import gettext as _

from comments.moderation import addresses
from comments.moderation.addresses import Links
from comments.moderation.findings import Finding, Severity, Submission

SHOWN = 80  # characters of a host that a reason quotes


def blocked_domain(submission: Submission) -> Finding | None:
    """A host of the block list or one below it, linked or merely written, also as the sender's
    website or name: rejected.

    Hosts are compared as DNS has them; one that merely looks alike is another.
    """
    blocked = addresses.domain_list(submission.policy.blocked_domains)
    if not blocked:
        return None
    for address in addresses.hosts_in_text(submission.readable):
        if entry := blocked.entry_for(address):
            return _blocked(entry, address.span)
    for address in addresses.hosts_in_text(submission.name):
        if entry := blocked.entry_for(address):
            return _blocked(entry, None)
    for target in (submission.website, *Links.of(submission.html).targets):
        for address in addresses.hosts_in_address(target):
            if entry := blocked.entry_for(address):
                return _blocked(entry, None)
    return None


def _blocked(entry: str, span: tuple[int, int] | None) -> Finding:
    reason = _("It leads to %(host)s, which is on the block list.") % {"host": entry[:SHOWN]}
    return Finding("blocked_domain", Severity.REJECT, reason, span)


def many_links(submission: Submission) -> Finding | None:
    """More links and addresses than the policy allows; the website of the sender is none."""
    links = Links.of(submission.html)
    written = sum(1 for _address in addresses.in_text(links.outside))
    count, most = len(links.targets) + written, submission.policy.most_links
    if count <= most:
        return None
    reason = _("Links in it: %(count)d; allowed: %(most)d.") % {"count": count, "most": most}
    return Finding("many_links", Severity.HOLD, reason)


def only_links(submission: Submission) -> Finding | None:
    """Nothing is said beside links and addresses."""
    if not submission.policy.hold_shouting:
        return None
    links = Links.of(submission.html)
    rest, written = [], 0
    place = 0
    for address in addresses.in_text(links.outside):
        start, end = address.span or (0, 0)
        rest.append(links.outside[place:start])
        place, written = end, written + 1
    rest.append(links.outside[place:])
    if not links.targets and not written:
        return None
    if any(letter.isalnum() for part in rest for letter in part):
        return None
    return Finding("only_links", Severity.HOLD, _("There is nothing in it but links."))
