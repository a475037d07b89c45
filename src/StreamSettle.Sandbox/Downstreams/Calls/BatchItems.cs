using System.Runtime.InteropServices;
using System.Text.Json;
using StreamSettle.Kernel.Time;
using StreamSettle.Sandbox.Downstreams.Faults;

namespace StreamSettle.Sandbox.Downstreams.Calls;

/// <summary>The calls of one batch, as views of its bytes.</summary>
internal sealed class BatchItems
{
    /// <summary>The contract's bound.</summary>
    const int MostItems = 1000;

    /// <summary>A merchant has two lanes, and a batch holds at most one call of each; which lane a call is in does not show.</summary>
    const int Lanes = 2;

    readonly (string Key, JsonElement Body)[] items;

    BatchItems((string Key, JsonElement Body)[] items) => this.items = items;

    public int Count => items.Length;

    public string Key(int at) => items[at].Key;

    /// <summary>Null where it is no batch.</summary>
    public static BatchItems? Read(JsonElement? json)
    {
        if (json is not { ValueKind: JsonValueKind.Object } batch || !batch.TryGetProperty("items", out var list) || list.ValueKind != JsonValueKind.Array)
        {
            return null;
        }

        var items = new (string Key, JsonElement Body)[list.GetArrayLength()];
        var at = 0;
        foreach (var item in list.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Object || !item.TryGetProperty("key", out var key) || key.ValueKind != JsonValueKind.String || !item.TryGetProperty("body", out var body))
            {
                return null;
            }

            items[at++] = (key.GetString()!, body);
        }

        return new(items);
    }

    /// <param name="inOrder">The system works through a merchant's items in their order: then there may be any number of them.</param>
    public bool BreaksContract(bool inOrder) =>
        items.Length > MostItems
        || items.Select(item => item.Key).Distinct().Count() < items.Length
        || !inOrder && items.Select(item => Merchant(item.Body)).OfType<long>().CountBy(merchant => merchant).Any(merchant => merchant.Value > Lanes);

    /// <summary>Takes every item; what happens to the batch as a whole happens to each, else each meets its own fault.</summary>
    public CallAnswer[] Post(DownstreamSystem system, UtcInstant arrivedAt, FaultKind whole)
    {
        var answers = new CallAnswer[items.Length];
        var stopped = new HashSet<long>();
        for (var at = 0; at < items.Length; at++)
        {
            var merchant = Merchant(items[at].Body);
            if (merchant is { } behind && stopped.Contains(behind))
            {
                answers[at] = system.NotBegun(items[at].Key, JsonMarshal.GetRawUtf8Value(items[at].Body), arrivedAt);
                continue;
            }

            var fault = whole is FaultKind.None or FaultKind.Slow or FaultKind.Drip ? OfItem(system.Dice.Draw()) : whole;
            answers[at] = system.Post(items[at].Key, JsonMarshal.GetRawUtf8Value(items[at].Body), items[at].Body, arrivedAt, fault);
            if (system.Dice.Faults.InOrder && merchant is { } stops && !IsDoneOrRefused(answers[at]))
            {
                stopped.Add(stops);
            }
        }

        return answers;
    }

    public IReadOnlyList<(string Key, byte[] Body)> Copy() => [.. items.Select(item => (item.Key, JsonMarshal.GetRawUtf8Value(item.Body).ToArray()))];

    public static JsonDocument? TryParse(byte[] body)
    {
        try
        {
            return JsonDocument.Parse(body);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>What breaks a connection or waits cannot happen to one item alone.</summary>
    static FaultKind OfItem(FaultKind fault) =>
        fault is FaultKind.ErrorButDone or FaultKind.ErrorNotDone or FaultKind.Garbage or FaultKind.Unavailable ? fault : FaultKind.None;

    /// <summary>As the caller reads it: what was done and answered badly is not done to it.</summary>
    static bool IsDoneOrRefused(CallAnswer answer) => answer.Fault != FaultKind.Garbage && answer.Status is 200 or 201 or 202 or 409 or 422;

    static long? Merchant(JsonElement body) =>
        body.ValueKind == JsonValueKind.Object && body.TryGetProperty("merchantId", out var merchant) && merchant.ValueKind == JsonValueKind.Number && merchant.TryGetInt64(out var id) ? id : null;
}
