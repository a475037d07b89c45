using System.Text;
using System.Text.Json;
using StreamSettle.Audit.Events;
using StreamSettle.Audit.Marten.Projections;
using Xunit;

namespace StreamSettle.Audit.Tests.Events;

/// <summary>Events in the shapes in which releases wrote them, kept: each is read by this one, nothing of it is lost, and views take it. Whoever changes a shape adds a file, and changes none.</summary>
public sealed class EventSamplesTests
{
    /// <summary>Kinds that 0.1.0 had.</summary>
    const int Kinds = 17;

    public static TheoryData<string> Samples => [.. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Events", "Kept", "events-0.1.0.jsonl"))];

    [Theory]
    [MemberData(nameof(Samples))]
    public void A_shape_that_was_released_is_read_and_nothing_of_it_is_lost(string sample)
    {
        var (kind, data) = Read(sample);

        var happened = EventJson.Read(kind, data);

        Assert.Equal(kind, happened.Kind());
        Assert.Equal(data, Encoding.UTF8.GetString(EventJson.Write(happened)));
    }

    [Fact]
    public void There_is_one_of_each_kind_and_views_take_them_in_their_order()
    {
        var view = new OrderView { Id = "42", OrderId = 42 };
        List<EventKind> seen = [];
        foreach (var sample in Samples.Select(row => row.Data))
        {
            var (kind, data) = Read(sample);
            seen.Add(kind);
            view = OrderViewFold.Evolve(view, seen.Count, EventJson.Read(kind, data));
        }

        Assert.Equal(EventKinds.All.Take(Kinds), seen);
        Assert.Equal((7L, "EUR", 12_000L), (view.MerchantId, view.Currency, view.NetMinor));
    }

    static (EventKind Kind, string Data) Read(string sample)
    {
        using var line = JsonDocument.Parse(sample);
        Assert.True(EventKinds.TryFromAlias(line.RootElement.GetProperty("type").GetString()!, out var kind));
        return (kind, line.RootElement.GetProperty("data").GetRawText());
    }
}
