from django import template

from articles.navigation import navigation

register = template.Library()
register.simple_tag(navigation)
