using StreamSettle.Delivery.Answers;

namespace StreamSettle.Delivery.Channels;

/// <summary>Whose request it was: the channel that makes calls, or somebody who only asks.</summary>
internal interface IAnswerTaker
{
    /// <summary>Called once, on whatever thread the outcome is known. The answer's body is valid only meanwhile.</summary>
    void Completed(DownstreamRequest request, in RawAnswer answer);
}
