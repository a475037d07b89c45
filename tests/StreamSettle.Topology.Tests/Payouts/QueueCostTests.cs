using StreamSettle.Kernel.Money;
using StreamSettle.Topology.Payouts;
using StreamSettle.Topology.Pending;
using StreamSettle.Topology.Settle;

namespace StreamSettle.Topology.Tests.Payouts;

/// <summary>What a look at the queue costs: what may go, whatever waits and however much went before.</summary>
public sealed class QueueCostTests
{
    const int Waiting = 2_000;
    const int AtOnce = 20;

    static readonly UtcInstant Monday = UtcInstant.Parse("2026-11-02T00:00:00Z");
    static readonly Currency Eur = Currency.TryParse("EUR"u8, out var eur) ? eur : default;

    readonly SortedStore store = new();
    readonly WaitingPayouts queue;

    public QueueCostTests() => queue = new(store, new(store));

    static SettlementState Deferred(DeferredPayout? deferred, int mark) => new()
    {
        Pending = new() { Stage = PendingStage.Scheduled, Merchant = new(437), DueAt = new(mark) },
        Settled = new()
        {
            Currency = Eur, Gross = 1, Refunded = 0, Lane = Lane.Ordinary, CompletedAt = default, Deferred = deferred,
            Legs = new(LegState.Confirmed, deferred is null ? LegState.Sent : LegState.Deferred, LegState.None, LegState.None),
        },
    };

    static DeferredPayout Until(UtcInstant at) => new(1, "", at, null, null, 1);

    static DeferredPayout Gathering(UtcInstant? latest = null) => new(1, "", null, Waiting, latest, 1);

    void Add(int order, DeferredPayout deferred, int? mark = null) => queue.Move(new(order), null, Deferred(deferred, mark ?? order));

    void Remove(int order, DeferredPayout deferred, int? mark = null) => queue.Move(new(order), Deferred(deferred, mark ?? order), null);

    [Fact]
    public void Of_many_that_may_go_each_is_met_once_and_so_is_what_comes_before_them_meanwhile()
    {
        for (var order = 1; order <= Waiting; order++)
        {
            Add(order, Until(Monday));
        }

        Assert.False(queue.IsBehind(new(437), Lane.Ordinary, Monday - TimeSpan.FromMicroseconds(1)));
        using (var none = queue.Due(Monday - TimeSpan.FromMicroseconds(1)))
        {
            Assert.False(none.MoveNext());
        }

        var before = store.Walked;
        List<long> gone = [];
        while (Take(gone) > 0)
        {
            if (gone.Count == Waiting / 2)
            {
                // A clock that was set back, say.
                Add(9_999, Until(Monday - TimeSpan.FromSeconds(1)), mark: 9_999);
            }

            Assert.Equal(!queue.IsEmpty, queue.IsBehind(new(437), Lane.Ordinary, Monday));
        }

        Assert.Equal([.. Enumerable.Range(1, Waiting / 2), 9_999, .. Enumerable.Range(Waiting / 2 + 1, Waiting / 2)], gone);
        Assert.InRange(store.Walked - before, Waiting, 4 * Waiting);
        Assert.True(queue.IsEmpty);
    }

    int Take(List<long> gone)
    {
        var taken = 0;
        using var scan = queue.Due(Monday);
        for (; taken < AtOnce && scan.MoveNext(); taken++)
        {
            var order = (int)PayoutKeys.OrderOf(scan.Key).Value;
            Remove(order, Until(order == 9_999 ? Monday - TimeSpan.FromSeconds(1) : Monday));
            queue.Went(scan.Key);
            gone.Add(order);
        }

        return taken;
    }

    [Fact]
    public void Of_a_group_that_is_let_go_each_is_met_once_also_one_that_joins_at_its_front()
    {
        for (var order = 1; order <= Waiting; order++)
        {
            Assert.False(queue.IsLettingGo);
            Add(order, Gathering(), mark: order + 10);
        }

        Assert.True(queue.IsLettingGo);
        var (before, left) = (store.Walked, new List<long>());
        while (queue.IsLettingGo)
        {
            using var members = queue.Members(new(new(437), Eur));
            for (var taken = 0; taken < AtOnce && members.MoveNext(); taken++)
            {
                var order = (int)PayoutKeys.OrderOf(members.Key).Value;
                Remove(order, Gathering(), order == 9_999 ? 1 : order + 10);
                queue.Left(members.Key);
                left.Add(order);
            }

            if (left.Count == AtOnce)
            {
                Add(9_999, Gathering(), mark: 1);
            }
        }

        Assert.Equal(Waiting + 1, left.Distinct().Count());
        Assert.Equal(9_999, left[AtOnce]);
        Assert.InRange(store.Walked - before, Waiting, 4 * Waiting);
    }

    [Fact]
    public void A_wait_that_ends_lets_its_group_go_and_one_that_leaves_takes_its_terms_along()
    {
        Add(1, new(1, "", null, 50, new(100), 1));
        Add(2, new(1, "", null, 90, new(200), 1));
        Assert.Equal(new PayoutGroup(2, 2, 50, new(100), IsOpen: false), queue.Group(new(new(437), Eur)));
        Remove(1, new(1, "", null, 50, new(100), 1));
        Assert.Equal(new PayoutGroup(1, 1, 90, new(200), IsOpen: false), queue.Group(new(new(437), Eur)));
        queue.EndWaits(new(199), 10);
        Assert.False(queue.IsLettingGo);
        queue.EndWaits(new(200), 10);
        Assert.True(queue.IsLettingGo);
        Remove(2, new(1, "", null, 90, new(200), 1));
        Assert.True(queue.IsEmpty);
        Assert.Null(queue.Group(new(new(437), Eur)));
    }
}
