using System.Text;
using StreamSettle.Kernel.Bytes;
using StreamSettle.Topology.Names;

namespace StreamSettle.Topology.Tests.Bench;

/// <summary>What people hold and release on the bench, as the service's API writes it.</summary>
static class Holders
{
    /// <returns>The hold's id.</returns>
    public static string Hold(this TestBench bench, string scope, UtcInstant? until = null, string by = "ann", string? id = null, string reason = "looked into")
    {
        Assert.True(HoldScope.TryParse(scope, out var parsed));
        var hold = new Hold(id ?? bench.NextRequest(), parsed, reason, by, bench.Now, until);
        Write(bench, hold);
        return hold.Id;
    }

    public static void Release(this TestBench bench, string id, string by = "bob", string reason = "all is well")
    {
        var hold = bench.Holds.Current.Find(id)!;
        Write(bench, hold with { Release = new(by, bench.NextRequest(), reason, bench.Now) });
    }

    /// <summary>Scopes by which the order's facts say that it is held.</summary>
    public static string[] HeldBy(this TestBench bench, long order)
    {
        List<string> held = [];
        foreach (var happened in bench.Events(order))
        {
            if (happened is SettlementHeld begun)
            {
                Assert.DoesNotContain(begun.Scope, held);
                held.Add(begun.Scope);
            }
            else if (happened is SettlementReleased over)
            {
                Assert.True(held.Remove(over.Scope), $"order {order} is released of {over.Scope}, which did not hold it");
            }
        }

        return [.. held];
    }

    static void Write(TestBench bench, Hold hold)
    {
        var value = new ByteBuffer();
        hold.Write(new(value));
        bench.Driver.Append(Topics.Holds, Encoding.UTF8.GetBytes(hold.Id), value.Written.ToArray(), bench.Now.Microseconds / 1000);
        bench.Driver.RunUntilIdle();
    }
}
