"""Many articles to tables: streamed, resumable, on one machine or on a cluster.

``run.run`` does it, as ``settings.BatchSettings`` says.
"""
