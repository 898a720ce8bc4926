"""Pictures of a recorded episode, with OpenGL or without; nothing here knows of robots or tasks."""

from .making import Frame, Marker, Moment, Subject, painter_of_here, pictures_of

__all__ = ["Frame", "Marker", "Moment", "Subject", "painter_of_here", "pictures_of"]
