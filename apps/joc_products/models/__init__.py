"""Tables of JOC products: templates, which are settings; products, their sections and what was given for them."""

from .product import Contribution, Correction, Given, JocProduct
from .templates import ProductTemplate, TemplateSection

__all__ = ["Contribution", "Correction", "Given", "JocProduct", "ProductTemplate", "TemplateSection"]
