using StreamSettle.Delivery.Answers;
using StreamSettle.Kernel.Calls;
using StreamSettle.Kernel.Ids;

namespace StreamSettle.Delivery.Channels;

/// <summary>Holds the answers to a batch against what a system promises that works through a merchant's items in their order. Pure but for what it corrects.</summary>
internal static class OrderedItems
{
    const string OutOfPlace = "nothing of its merchant before it in the batch was left undone";

    /// <summary>
    /// Corrects what 424 means where nothing stands before it that was not done: then the call would go again at once, and for ever, so it waits as one that was never sent.
    /// </summary>
    /// <returns>The first sign that the order was not kept: a call delivered behind one that the system says it has not done. Null for none; of one without a readable answer nobody can tell.</returns>
    internal static string? Judge(ReadOnlySpan<OutboundCall> calls, Span<CallAnswer> meanings)
    {
        var undone = new Dictionary<(MerchantId, Lane), int>();

        // Which lane a call is in does not show: a system may stop at both of a merchant's.
        var stopped = new HashSet<MerchantId>();
        string? broken = null;
        for (var i = 0; i < meanings.Length; i++)
        {
            var lane = (calls[i].Lane.Merchant, calls[i].Lane.Lane);
            var isBehind = undone.TryGetValue(lane, out var before);
            switch (meanings[i])
            {
                case CallAnswer.Delivered when isBehind && SaysNotDone(meanings[before]) is { } reason:
                    broken ??= $"{calls[i].KeyText} was done in a batch behind {calls[before].KeyText} of the same merchant, which was not ({reason})";
                    break;
                case CallAnswer.Delivered or CallAnswer.Rejected:
                    break;
                case CallAnswer.NotReached never when !stopped.Contains(lane.Merchant):
                    meanings[i] = new CallAnswer.NeverSent($"{never.Reason}: {OutOfPlace}");
                    stopped.Add(lane.Merchant);
                    break;
                case CallAnswer.NotReached:
                    break;
                default:
                    undone.TryAdd(lane, i);
                    stopped.Add(lane.Merchant);
                    break;
            }
        }

        return broken;
    }

    static string? SaysNotDone(CallAnswer meaning) => meaning switch
    {
        CallAnswer.RetryLater later => later.Reason,
        CallAnswer.CredentialsRefused refused => refused.Reason,
        _ => null,
    };
}
