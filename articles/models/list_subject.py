from articles.models.author import Author
from articles.models.section import Section
from articles.models.source import Source
from articles.models.topic import Topic

# What has a list of its pieces, with feeds. Not declared with `type`, for isinstance() takes it so.
ListSubject = Section | Topic | Author | Source
