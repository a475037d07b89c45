namespace StreamSettle.Connectors.Embedded.Streaming;

/// <summary>
/// What the stream is read by was altered while it was read. Not a failure of anybody's: the source is looked at anew, and its tables are read again when they
/// are as they must be.
/// </summary>
/// <param name="inStream">The stream itself showed it, so that it cannot be read past that point.</param>
internal sealed class SourceChangedException(string message, bool inStream) : Exception(message)
{
    public bool InStream => inStream;
}
