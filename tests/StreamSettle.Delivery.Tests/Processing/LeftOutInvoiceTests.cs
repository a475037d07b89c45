using System.Diagnostics.Metrics;
using StreamSettle.Delivery.Breakers;
using StreamSettle.Delivery.Channels;
using StreamSettle.Delivery.Options;
using StreamSettle.Kernel.Calls;
using Xunit;

namespace StreamSettle.Delivery.Tests.Processing;

/// <summary>Invoices that are left out while a system is degraded, and sent later.</summary>
public class LeftOutInvoiceTests
{
    static readonly DownstreamOptions Options = new()
    {
        BaseUrl = "http://split", RetryBase = TimeSpan.FromSeconds(1), RetryMax = TimeSpan.FromSeconds(10), MaxAttempts = 3,
        Breaker = new() { Window = TimeSpan.FromSeconds(10) },
    };

    readonly DeliveryBench bench = new(Options);

    [Fact]
    public void A_system_that_is_well_gets_the_invoice_with_the_call()
    {
        bench.AppendWithInvoice(42);
        bench.Run();

        Assert.Equal([("42:split:0", """{"orderId":42,"amount":100,"invoice":{"no":"R-42"}}""")], bench.System.Posts);
        Assert.Empty(bench.System.Patches);
        Assert.Equal(["42:split:0 Confirmed 1"], bench.ResultNames);
        Assert.Equal(0, bench.Status.Calls.Invoices);
    }

    [Fact]
    public void It_is_left_out_of_calls_that_are_frozen_meanwhile_and_sent_once_when_the_system_is_well()
    {
        Degrade();
        bench.AppendWithInvoice(42, merchant: 42, keyAccount: true);
        bench.Run();
        Assert.Equal(("42:split:0", """{"orderId":42,"amount":100}"""), bench.System.Posts[^1]);
        Assert.Contains("42:split:0 Confirmed 1", bench.ResultNames);
        Assert.DoesNotContain("42:split:0 InvoiceDelivered 1", bench.ResultNames);
        Assert.InRange(bench.Status.Calls.Invoices, 1, 41);
        Heal();

        Assert.Equal(("42:split:0", """{"invoice":{"no":"R-42"}}"""), Assert.Single(bench.System.Patches, patch => patch.Key == "42:split:0"));
        Assert.Single(bench.ResultNames, name => name == "42:split:0 InvoiceDelivered 1");
        Assert.Equal(0, bench.Status.Calls.Invoices);
        bench.Forget(42);
        Assert.DoesNotContain("42:split:0", bench.KnownCalls);
    }

    [Fact]
    public void What_was_frozen_before_keeps_its_invoice_and_what_was_frozen_meanwhile_stays_without_it()
    {
        bench.System.OnPost = (key, n) => key == "42:split:0" && n == 1 ? Reply.Of(503, retryAfter: "5") : Reply.Ok;
        bench.AppendWithInvoice(42, merchant: 42, keyAccount: true);
        bench.Run();
        Degrade();
        bench.System.OnPost = (key, n) => key == "43:split:0" && n == 1 ? Reply.Of(503, retryAfter: "30") : Reply.Ok;
        bench.AppendWithInvoice(43, merchant: 43, keyAccount: true);
        bench.AdvanceSeconds(60);

        Assert.Equal(BreakerMode.Closed, bench.Status.Breaker.Mode);
        Assert.Equal([true, true], BodiesOf(42));
        Assert.Equal([false, false], BodiesOf(43));
        Assert.Equal(["43:split:0"], bench.System.Patches.Select(patch => patch.Key).Where(key => key is "42:split:0" or "43:split:0"));
    }

    [Fact]
    public void A_reversals_invoice_is_not_sent_later()
    {
        Degrade();
        bench.AppendWithInvoice(42, merchant: 42, keyAccount: true, n: 1);
        bench.Run();
        Assert.Equal(("42:split:1", """{"orderId":42,"amount":100}"""), bench.System.Posts[^1]);
        Heal();

        Assert.DoesNotContain(bench.System.Patches, patch => patch.Key == "42:split:1");
    }

    [Fact]
    public void A_dead_letter_shows_the_bytes_that_were_sent_and_its_replay_sends_them_and_then_the_invoice()
    {
        Degrade();
        bench.System.OnPost = (key, n) => key == "42:split:0" && n == 1 ? Reply.Of(422) : Reply.Ok;
        bench.AppendWithInvoice(42, merchant: 7, keyAccount: true);
        bench.Run();
        Assert.Equal("""{"orderId":42,"amount":100}""", System.Text.Encoding.UTF8.GetString(bench.DeadLetters["42:split:0"].Payload));
        Heal();
        Assert.DoesNotContain(bench.System.Patches, patch => patch.Key == "42:split:0");
        bench.Replay(42);
        bench.AdvanceSeconds(1);

        Assert.Equal([false, false], BodiesOf(42));
        Assert.Single(bench.System.Patches, patch => patch.Key == "42:split:0");
    }

    [Fact]
    public void An_unknown_outcome_is_found_out_before_the_invoice_is_sent()
    {
        Degrade();
        bench.System.OnPost = (_, _) => Reply.DoneButLost;
        bench.AppendWithInvoice(42, merchant: 42, keyAccount: true);
        bench.Run();
        Heal();

        Assert.Contains("42:split:0", bench.System.Gets);
        Assert.Single(bench.System.Patches, patch => patch.Key == "42:split:0");
        Assert.Empty(bench.System.PatchesTooEarly);
    }

    [Theory]
    [InlineData(429, null, 10, true)]
    [InlineData(503, "1", 10, true)]
    [InlineData(500, null, 2, true)]
    [InlineData(500, null, 3, false)]
    [InlineData(422, null, 1, false)]
    [InlineData(0, null, 2, true)]
    [InlineData(0, null, 3, false)]
    public void A_patch_is_repeated_like_a_post_and_given_up_without_a_dead_letter(int status, string? retryAfter, int times, bool arrives)
    {
        using var counted = Count();
        Degrade();
        bench.AppendWithInvoice(42, merchant: 42, keyAccount: true);
        bench.Run();
        bench.System.OnPatch = (key, n) => key != "42:split:0" || n > times ? Reply.Ok : status == 0 ? Reply.DoneButLost : Reply.Of(status, retryAfter: retryAfter);
        bench.AdvanceSeconds(150);

        Assert.Equal(arrives ? times + 1 : times, bench.System.Patches.Count(patch => patch.Key == "42:split:0"));
        Assert.Equal(arrives ? 1 : 0, bench.ResultNames.Count(name => name == "42:split:0 InvoiceDelivered 1"));
        Assert.Equal(arrives ? 0 : 1, givenUp);
        Assert.Empty(bench.DeadLetters);
        Assert.True(bench.Status.Calls.IsQuiet);
    }

    [Fact]
    public void A_patch_that_fails_holds_nothing_back()
    {
        Degrade();
        bench.AppendWithInvoice(42, merchant: 42, keyAccount: true);
        bench.Run();
        bench.System.OnPatch = (key, _) => key == "42:split:0" ? Reply.Held : Reply.Ok;
        Heal();
        Assert.Contains(bench.System.HeldBack, held => held.Key == "42:split:0");
        bench.AppendWithInvoice(43, merchant: 42, keyAccount: true);
        bench.Run();

        Assert.Contains("43:split:0", bench.System.Effects);
    }

    [Fact]
    public void A_patch_under_way_at_a_crash_is_sent_again_and_told_once()
    {
        Degrade();
        bench.AppendWithInvoice(42, merchant: 42, keyAccount: true);
        bench.Run();
        bench.System.OnPatch = (key, n) => key == "42:split:0" && n == 1 ? Reply.Held : Reply.Ok;
        Heal();
        bench.Crash();
        bench.AdvanceSeconds(5);
        bench.System.Release();
        bench.AdvanceSeconds(5);

        Assert.Equal(2, bench.System.Patches.Count(patch => patch.Key == "42:split:0"));
        Assert.Single(bench.ResultNames, name => name == "42:split:0 InvoiceDelivered 1");
    }

    [Fact]
    public void A_restart_while_degraded_forgets_no_invoice()
    {
        Degrade();
        bench.AppendWithInvoice(42, merchant: 42, keyAccount: true);
        bench.Run();
        var owed = bench.Status.Calls.Invoices;
        for (var i = 0; i < 3; i++)
        {
            bench.Crash();
        }

        bench.Reopen();
        Assert.Equal(owed, bench.Status.Calls.Invoices);
        Heal();

        Assert.Single(bench.System.Patches, patch => patch.Key == "42:split:0");
    }

    [Fact]
    public void A_question_about_a_call_of_a_lost_state_decides_nothing_of_its_invoice()
    {
        bench.AppendWithInvoice(42, merchant: 42, keyAccount: true);
        bench.Run();
        bench.Forget(42);
        Degrade();
        bench.AppendWithInvoice(42, merchant: 42, keyAccount: true, kind: DeliveryCommandKind.Ask);
        bench.Run();

        var found = bench.Results[^1];
        Assert.Equal(("42:split:0", DeliveryOutcome.Confirmed, null), (found.Key.ToString(), found.Outcome, found.Note));
        Heal();
        Assert.Equal([true], BodiesOf(42));
        Assert.DoesNotContain(bench.System.Patches, patch => patch.Key == "42:split:0");
    }

    [Fact]
    public void What_a_question_does_not_find_is_sent_without_its_invoice_while_the_system_is_degraded()
    {
        Degrade();
        bench.AppendWithInvoice(42, merchant: 42, keyAccount: true, kind: DeliveryCommandKind.Ask);
        bench.Run();
        Assert.Equal(["42:split:0"], bench.System.Gets.Where(key => key == "42:split:0"));
        Assert.Equal([false], BodiesOf(42));
        Heal();

        Assert.Single(bench.System.Patches, patch => patch.Key == "42:split:0");
    }

    int givenUp;

    MeterListener Count()
    {
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Name == "streamsettle.delivery.invoices")
                {
                    self.EnableMeasurementEvents(instrument);
                }
            },
        };
        var here = Environment.CurrentManagedThreadId;
        listener.SetMeasurementEventCallback<long>((_, value, tags, _) =>
        {
            // Other tests run beside this one.
            foreach (var tag in here == Environment.CurrentManagedThreadId ? tags : [])
            {
                givenUp += tag is { Key: "outcome", Value: "given-up" } ? (int)value : 0;
            }
        });
        listener.Start();
        return listener;
    }

    /// <summary>Whether the invoice was in each of the attempts.</summary>
    IEnumerable<bool> BodiesOf(long order) =>
        bench.System.Posts.Where(post => post.Key == $"{order}:split:0").Select(post => post.Body.Contains("invoice", StringComparison.Ordinal));

    void Degrade()
    {
        var (before, isIll) = (bench.System.OnPost, true);
        bench.System.OnPost = (key, n) => isIll && key.StartsWith("99", StringComparison.Ordinal) ? Reply.Of(500) : before(key, n);
        for (var order = 9_900; order < 9_940; order++)
        {
            bench.AppendWithInvoice(order, merchant: order);
        }

        bench.Run();
        Assert.NotEqual(BreakerMode.Closed, bench.Status.Breaker.Mode);

        // From away to degraded.
        isIll = false;
        bench.AdvanceSeconds(5);
        Assert.IsType<ChannelHealth.Degraded>(bench.Status.Health);
    }

    void Heal()
    {
        bench.AdvanceSeconds(25);
        Assert.Equal(BreakerMode.Closed, bench.Status.Breaker.Mode);
    }
}
