using Npgsql;
using StreamSettle.Integration.Tests.Around;
using StreamSettle.Kernel.Time;
using Xunit;

namespace StreamSettle.Integration.Tests.Storms;

/// <summary>What nothing but a person can mend.</summary>
public class LostSlotTests
{
    [Fact]
    public async Task A_slot_that_is_dropped_under_the_reader_stops_all_firing_and_every_start_until_a_person_decides()
    {
        await using var storm = await Storm.GatherAsync(seed: 1);
        await Until.TrueAsync(storm.Keeper.IsReadyAsync, "it is ready", TimeSpan.FromSeconds(120));
        var service = storm.Keeper.Service;
        await Until.TrueAsync(async () => await service.StatusAsync() is { Flow.Completed: > 10 }, "orders are settled", seen: () => service.Tail);

        await Until.TrueAsync(() => DroppedAsync(storm), "the slot is dropped");

        var said = "";
        await Until.TrueAsync(
            async () => service.HasExited || (said = (await service.AskAsync("/health/ready")).Text).Contains("slot", StringComparison.Ordinal), "it sees that its slot is gone", seen: () => $"{said}\n{service.Tail}");
        var seenAt = UtcInstant.Now(TimeProvider.System) + TimeSpan.FromSeconds(1);
        await storm.PassesAsync(Storm.Delay);
        if (!service.HasExited)
        {
            Assert.Contains("slot", (await service.AskAsync("/health/ready")).Text, StringComparison.Ordinal);
            service.Terminate();
        }

        Assert.InRange(await service.ExitAsync(), 0, 1);
        var (code, _, errors) = await storm.World.CommandAsync("run");
        Assert.True(code == 1 && errors.Contains("slot", StringComparison.Ordinal), $"{code}: {errors}");
        var fired = await storm.World.QueryAsync<DateTime>("select max((data->>'RecordedAt')::timestamptz) from settlement.mt_events where type in ('settlement_due', 'settlement_calculated')");
        Assert.True(UtcInstant.From(fired) < seenAt, $"an order fired at {fired:O}, though the loss of the slot was seen at {seenAt}");
    }

    static async Task<bool> DroppedAsync(Storm storm)
    {
        try
        {
            await storm.ExecuteAsync("select pg_terminate_backend(active_pid) from pg_replication_slots where active_pid is not null");
            await storm.ExecuteAsync("select pg_drop_replication_slot(slot_name) from pg_replication_slots");
            return true;
        }
        catch (PostgresException busy) when (busy.SqlState == PostgresErrorCodes.ObjectInUse)
        {
            return false;
        }
    }
}
