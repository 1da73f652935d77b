"""Which help belongs to which page. The texts are templates/help/<topic>.html."""

from django.http import HttpRequest

START = "start"
# The name of a page's URL, or its namespace with a colon -> its topic.
TOPICS = {
    "today": "today",
    "customer": "customer",
    "timeline": "customer",
    "customers:list": "list",
    "customers:warnings": "warnings",
    "customers:walk-in": "walk-in",
    "customers:cases": "cases",
    "customers:case": "cases",
    "customers:upload": "upload",
    "customers:upload-page": "upload",
    "complaints:": "complaints",
    "messages:": "messages",
    "outreach:": "outreach",
    "recommendations:list": "opportunities",
    "dashboards:": "board",
    "scorecard:": "score",
    "team": "team",
}
NAMES = {START, *TOPICS.values()}


def topic_of(request: HttpRequest) -> str:
    """The topic of the page that `request` asks for; the general one for a page without help of its own."""
    found = request.resolver_match
    if found is None:
        return START
    return TOPICS.get(found.view_name) or TOPICS.get(f"{found.namespace}:") or START
