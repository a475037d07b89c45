using StreamSettle.Connectors.Embedded.Records;

namespace StreamSettle.Connectors.Embedded.Streaming;

/// <summary>A change that waits for its transaction's end.</summary>
/// <param name="message">Empty where all rows of the table are gone.</param>
internal sealed class HeldChange(byte[] message, TableShape shape, ChangePoint point)
{
    /// <summary>What one takes beside its message and what is kept with it, about.</summary>
    public const int OwnBytes = 256;

    public ReadOnlySpan<byte> Message => message;

    public TableShape Shape => shape;

    public ChangePoint Point => point;

    /// <summary>That a row has gone from its key is to be written.</summary>
    public bool Takes { get; set; } = true;

    /// <summary>That a row stands under its key is to be written.</summary>
    public bool Puts { get; set; } = true;
}
