using StreamSettle.Delivery.Tests.Processing;

namespace StreamSettle.Topology.Tests.Rebuilding;

/// <summary>The state is lost while calls are without the invoices that were left out of them: no key goes with other bytes, and what is owed is sent.</summary>
public sealed class RebuiltInvoicesTests : IDisposable
{
    const string Invoice = """{"no": "R-1"}""";

    static readonly TimeSpan UntilMark = TimeSpan.FromSeconds(10);
    static readonly TimeSpan AMinute = TimeSpan.FromMinutes(1);

    readonly ScriptedSystem system = new();
    readonly TestBench bench;

    public RebuiltInvoicesTests()
    {
        bench = new(new()
        {
            System = system, Settings = new() { PunctuationInterval = TimeSpan.FromSeconds(1) }, CommitEvery = 1,
            Calls = new()
            {
                BaseUrl = "http://systems", RetryBase = TimeSpan.FromSeconds(1), RetryMax = TimeSpan.FromSeconds(10), MaxAttempts = 3,
                Breaker = new() { MinimumOutcomes = 3, Window = TimeSpan.FromMinutes(10) },
            },
        });
        bench.PutMerchant(Rebuilds.KeyAccount, "KA");
    }

    public void Dispose() => bench.Dispose();

    /// <summary>Of a key account, and in the ordinary lane of another merchant.</summary>
    static ShopOrder Order(long id) => new(id) { Merchant = id == 42 ? Rebuilds.KeyAccount : TestBench.Merchant, CompletedAt = TestBench.Start - TestBench.Day + UntilMark, Invoice = Invoice };

    /// <summary>The verification of other orders fails until its system counts as degraded.</summary>
    void Degrade()
    {
        system.OnPost = (_, _) => Reply.Of(500);
        bench.Put(Order(1));
        bench.Advance(UntilMark + AMinute);
    }

    string[] BodiesOf(string key) => [.. system.Posts.Where(post => post.Key == key).Select(post => post.Body)];

    [Fact]
    public void An_invoice_that_is_owed_is_sent_once_after_a_rebuild()
    {
        Degrade();
        system.OnPost = (_, _) => Reply.Ok;
        system.OnPatch = (_, _) => Reply.Held;
        bench.Put(Order(42));
        bench.Advance(AMinute);
        Assert.True(bench.Events(42).OfType<DeliveryConfirmed>().First().InvoiceLeftOut);
        Assert.DoesNotContain("InvoiceDelivered", bench.Told(42));
        RebuiltCheck.Check(bench, Order(1), Order(42));

        system.HeldBack.Clear();
        system.OnPatch = (_, _) => Reply.Ok;
        bench.Rebuild(Order(1), Order(42));
        bench.Advance(AMinute);
        Assert.Equal("42:verification:0", bench.Only<InvoiceDelivered>(42).Key);
        Assert.Equal($$$"""{"invoice":{{{Invoice}}}}""", system.Patches[^1].Body);

        // And it is known from then on that it was.
        var patches = system.Patches.Count;
        bench.Rebuild(Order(1), Order(42));
        bench.Advance(AMinute);
        Assert.Equal(patches, system.Patches.Count);
    }

    [Fact]
    public void A_call_that_failed_without_its_invoice_goes_again_without_it_whatever_the_row_says_now()
    {
        Degrade();
        system.OnPost = (key, _) => key.StartsWith("42:", StringComparison.Ordinal) ? Reply.Of(503) : Reply.Ok;
        bench.Put(Order(42));
        bench.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal("DeliveryFailed", bench.Told(42)[^1]);
        system.OnPost = (_, _) => Reply.Ok;
        bench.Rebuild(Order(1), Order(42) with { Invoice = """{"no": "R-2"}""" });
        bench.Advance(AMinute);

        Assert.Equal("SettlementCompleted", bench.Told(42)[^1]);
        Assert.Single(BodiesOf("42:verification:0").Distinct());
        Assert.DoesNotContain("invoice", BodiesOf("42:verification:0")[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_dead_letter_without_its_invoice_is_shown_and_sent_again_without_it()
    {
        Degrade();
        system.OnPost = (key, _) => key == "42:verification:0" ? Reply.Of(422, "no") : Reply.Ok;
        bench.Put(Order(42));
        bench.Advance(AMinute);
        var before = bench.DeadLetter("42:verification:0")!;
        bench.Rebuild(Order(1), Order(42));
        Assert.Equal(before.Payload, bench.DeadLetter("42:verification:0")!.Payload);

        system.OnPost = (_, _) => Reply.Ok;
        bench.Replay("42:verification:0");
        bench.Advance(AMinute);
        Assert.Single(BodiesOf("42:verification:0").Distinct());
    }

    [Fact]
    public void What_its_system_has_undone_goes_again_without_the_invoice_that_it_went_without()
    {
        Degrade();
        system.OnPost = (_, _) => Reply.Ok;
        bench.Put(Order(42));
        bench.Advance(AMinute);
        bench.Rebuild(Order(1), Order(42));
        bench.Return("42:verification:0");
        bench.Replay("42:verification:0");
        bench.Advance(AMinute);

        Assert.Equal(BodiesOf("42:verification:0")[0], Assert.Single(BodiesOf("42:verification:0;r1")));
    }

    /// <summary>A key account's calls go while a system is degraded, also those of before a rebuild.</summary>
    [Fact]
    public void A_key_account_stays_one()
    {
        system.OnPost = (key, _) => key.StartsWith("42:", StringComparison.Ordinal) ? Reply.Held : Reply.Ok;
        bench.Put(Order(42));
        bench.Advance(UntilMark + AMinute);
        system.HeldBack.Clear();
        bench.Rebuild(Order(42));
        RebuiltCheck.Check(bench, Order(42));
    }

    [Fact]
    public void A_hold_that_has_kept_nothing_back_yet_stands_where_the_event_log_keeps_it_and_ends_when_it_was_to()
    {
        var until = bench.Now + TimeSpan.FromMinutes(5);
        bench.Hold("merchant:437", until, id: "h-1");
        bench.Release(bench.Hold("merchant:438", id: "h-2"));
        bench.RebuildKeepingHolds();
        Assert.Equal((until, null), (bench.Holds.Current.Find("h-1")!.Until, bench.Holds.Current.Find("h-1")!.Release));
        Assert.Equal("bob", bench.Holds.Current.Find("h-2")!.Release!.By);

        bench.Put(Order(1));
        bench.Put(Order(42));
        bench.Advance(UntilMark + AMinute);
        Assert.Equal("SettlementHeld", bench.Told(1)[^1]);
        Assert.Equal("SettlementCompleted", bench.Told(42)[^1]);

        // Told of an order by now, and known all the same: it is not put on the list a second time.
        bench.RebuildKeepingHolds(Order(1), Order(42));
        Assert.Equal(["h-1", "h-2"], bench.Holds.Current.All.Select(hold => hold.Id).Order());
        bench.Advance(TimeSpan.FromMinutes(6));
        Assert.Equal("SettlementCompleted", bench.Told(1)[^1]);
        Assert.Equal("expiry", bench.Only<SettlementReleased>(1).By);
    }
}
