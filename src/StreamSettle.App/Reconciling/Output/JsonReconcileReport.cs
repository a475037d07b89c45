using System.Text.Json;
using StreamSettle.App.Reconciling.Comparison;

namespace StreamSettle.App.Reconciling.Output;

/// <summary>One JSON object, written as it becomes known: <c>discrepancies: [...]</c>, then the counts.</summary>
sealed class JsonReconcileReport : IReconcileReport, IDisposable
{
    /// <summary>What is not written yet stays below this.</summary>
    const int FlushBytes = 64 * 1024;

    readonly Utf8JsonWriter json;

    public JsonReconcileReport(Stream output, ReconcileScope scope)
    {
        json = new(output);
        json.WriteStartObject();
        json.WriteString("from", scope.Period.From.ToString());
        json.WriteString("to", scope.Period.To.ToString());
        json.WriteString("shard", scope.Shard.ToString());
        json.WriteBoolean("source", scope.WithSource);
        json.WriteBoolean("downstreams", scope.WithDownstreams);
        json.WriteStartArray("discrepancies");
    }

    public void Found(Discrepancy one)
    {
        json.WriteStartObject();
        json.WriteNumber("orderId", one.OrderId);
        if (one.MerchantId is { } merchant)
        {
            json.WriteNumber("merchantId", merchant);
        }

        json.WriteString("class", one.Kind.Word());
        json.WriteString("subject", one.Subject);
        foreach (var (side, value) in (ReadOnlySpan<(string, string?)>)[("source", one.Source), ("eventLog", one.EventLog), ("downstream", one.Downstream)])
        {
            if (value is not null)
            {
                json.WriteString(side, value);
            }
        }

        if (one.Repair != RepairKind.None)
        {
            json.WriteString("repair", one.Repair == RepairKind.SendAgain ? "send_again" : "replay");
        }

        json.WriteEndObject();
        if (json.BytesPending > FlushBytes)
        {
            json.Flush();
        }
    }

    public void End(ReconcileCounts counts)
    {
        json.WriteEndArray();
        json.WriteNumber("orders", counts.Orders);
        json.WriteNumber("asked", counts.Asked);
        Counts("found", counts.Found);
        Counts("standing", counts.Standing.Select(standing => KeyValuePair.Create(JsonNamingPolicy.CamelCase.ConvertName(standing.Key), standing.Value)));
        json.WriteEndObject();
        json.Flush();
    }

    public void Dispose() => json.Dispose();

    void Counts(string name, IEnumerable<KeyValuePair<string, long>> counts)
    {
        json.WriteStartObject(name);
        foreach (var (word, count) in counts)
        {
            json.WriteNumber(word, count);
        }

        json.WriteEndObject();
    }
}
