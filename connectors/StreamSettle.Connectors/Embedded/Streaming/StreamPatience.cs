namespace StreamSettle.Connectors.Embedded.Streaming;

/// <summary>
/// How long the stream may bring nothing before its connection is taken for lost. A server that decodes a huge transaction says nothing meanwhile and would begin
/// anew each time, so each session that ends by that and has brought nothing makes the next one wait twice as long. Nothing fires while nothing comes, so this
/// decides only how soon a dead connection is left; whether the server itself answers is asked beside it.
/// </summary>
/// <param name="least">For a server that has answered in time so far.</param>
internal sealed class StreamPatience(TimeSpan least)
{
    static readonly TimeSpan Most = TimeSpan.FromMinutes(30);

    TimeSpan? more;

    public TimeSpan Now => more ?? least;

    /// <summary>It was not enough.</summary>
    public void Double() => more = Now * 2 < Most ? Now * 2 : Now > Most ? Now : Most;

    /// <summary>The stream has come on.</summary>
    public void Reset() => more = null;
}
