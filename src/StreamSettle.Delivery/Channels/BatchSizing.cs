using StreamSettle.Delivery.Answers;
using StreamSettle.Kernel.Time;

namespace StreamSettle.Delivery.Channels;

/// <summary>How many calls go into a request, as the system's refusals teach; and what a refused batch means for its items.</summary>
internal sealed class BatchSizing(int configured)
{
    /// <summary>Calls in a request at most; 1: none but single ones.</summary>
    internal int Size { get; private set; } = configured;

    /// <summary>Takes up what a start before this one learned.</summary>
    internal void Recall(int size) => Size = Math.Clamp(size, 1, Size);

    /// <summary>What each item's answer is, in the order of <paramref name="keys"/>. Pure.</summary>
    /// <param name="inOrder">The system works through a merchant's items in their order.</param>
    internal static CallAnswer[] Read(ReadOnlySpan<string> keys, in RawAnswer raw, UtcInstant now, bool inOrder = false)
    {
        var meanings = new CallAnswer[keys.Length];
        if (raw is { Transmission: Transmission.Answered, Status: 207 })
        {
            var results = BatchResults.Read(raw.Body);
            for (var i = 0; i < keys.Length; i++)
            {
                var answer = results.GetValueOrDefault(keys[i], BatchResults.Missing) with { Secrets = raw.Secrets };
                meanings[i] = inOrder ? AnswerClassifier.OfOrderedItem(keys[i], answer, now) : AnswerClassifier.OfPost(keys[i], answer, now);
            }

            return meanings;
        }

        Array.Fill(meanings, AnswerClassifier.OfWholeBatch(raw, keys.Length, now));
        return meanings;
    }

    /// <summary>Takes up what an answer to a batch of <paramref name="items"/> says about batches.</summary>
    /// <param name="status">0 where none came: says nothing.</param>
    internal void Learn(int status, int items)
    {
        if (HasNoBatches(status))
        {
            Size = 1;
        }
        else if (status == 413 && items > 1)
        {
            Size = Math.Min(Size, items / 2);
        }
    }

    static bool HasNoBatches(int status) => status is 404 or 405 or 501;
}
