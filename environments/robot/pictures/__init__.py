"""Pictures of a recorded episode, with OpenGL or without; nothing here knows of robots or tasks."""

from .making import Frame, Marker, Moment, Subject, pictures_of

__all__ = ["Frame", "Marker", "Moment", "Subject", "pictures_of"]
