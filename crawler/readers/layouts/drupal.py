"""Drupal: the field `body` of a node; version 7 writes `field-name-body`, later ones `field--name-body`."""

from crawler.readers.layouts import Layout, classed, within

LAYOUTS = (
    Layout(
        bodies=(
            f'{classed("node--view-mode-full")}{classed("field--name-body")}',
            classed("field--name-body"),
            classed("field-name-body"),
        ),
        without=(within("field--name-field-related"), within("links")),
    ),
)
