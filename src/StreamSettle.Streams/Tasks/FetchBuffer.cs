using StreamSettle.Streams.Log;

namespace StreamSettle.Streams.Tasks;

/// <summary>The result of one poll, kept until every record of it is processed, then used again.</summary>
sealed class FetchBuffer(Stack<FetchBuffer> free, FetchedRecords records)
{
    int users;

    public FetchedRecords Records { get; } = records;

    public ReadOnlySpan<byte> Bytes => Records.AllBytes;

    public void Retain() => users++;

    public void Release()
    {
        if (--users == 0)
        {
            free.Push(this);
        }
    }
}
