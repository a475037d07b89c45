using Spectre.Console;
using StreamSettle.App.Http.Answers;
using StreamSettle.Sandbox.Shop;

namespace StreamSettle.App.Demo;

/// <summary>Live progress: a table that stays where it is on a terminal, a line now and then elsewhere.</summary>
sealed class DemoProgress : IAsyncDisposable
{
    static readonly TimeSpan LineInterval = TimeSpan.FromSeconds(2);

    readonly int orders;
    readonly TimeProvider time;
    readonly long began;
    readonly TaskCompletionSource over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly Table? table;
    Task live = Task.CompletedTask;
    LiveDisplayContext? display;
    TimeSpan nextLine;
    string told = "";

    DemoProgress(int orders, TimeProvider time)
    {
        (this.orders, this.time) = (orders, time);
        began = time.GetTimestamp();
        table = AnsiConsole.Profile.Capabilities.Interactive ? new Table().RoundedBorder().AddColumn("stage").AddColumn(new TableColumn("now").RightAligned()).AddColumn("") : null;
    }

    public static DemoProgress Start(int orders, TimeProvider time)
    {
        var progress = new DemoProgress(orders, time);
        if (progress.table is { } table)
        {
            progress.live = AnsiConsole.Live(table).StartAsync(context =>
            {
                progress.display = context;
                return progress.over.Task;
            });
        }

        return progress;
    }

    /// <param name="news">What is worth knowing of the service; empty when nothing is.</param>
    public void Show(ShopProgress sold, StatusAnswer status, string news)
    {
        if (table is null)
        {
            Line(sold, status, news);
            return;
        }

        var flow = status.Flow;
        table.Rows.Clear();
        Row("sold by the shop", sold.Created, Bar(sold.Created));
        Row("waiting for the mark", flow.Scheduled, "");
        Row("divided", flow.Calculated, Bar(flow.Calculated));
        Row("completed", flow.Completed, Bar(flow.Completed));
        Row("cancelled", flow.Cancelled, "");
        Row("reversals", flow.ReversalsCompleted, $"of {flow.ReversalsRequested}");
        Row("dead letters", status.DeadLetters, "");
        foreach (var system in status.Downstreams)
        {
            Row(system.Leg, system.InFlight, $"{system.RequestsPerSecond:0}/s, {system.Retrying} retrying, {system.Unknown} unknown");
        }

        Row("event log", status.Audit.Events, status.Audit.Reason ?? $"{status.Audit.LagEvents} behind");
        if (status.Instances.Count > 0)
        {
            Row("instances", status.Instances.Count, news);
        }

        display?.Refresh();
    }

    public async ValueTask DisposeAsync()
    {
        over.TrySetResult();
        await live;
    }

    void Row(string stage, long count, string note) => table!.AddRow(Markup.Escape(stage), count.ToString("N0", System.Globalization.CultureInfo.InvariantCulture), Markup.Escape(note));

    string Bar(long count)
    {
        const int width = 30;
        var full = (int)Math.Min(width, count * width / Math.Max(1, orders));
        return new string('█', full) + new string('░', width - full);
    }

    void Line(ShopProgress sold, StatusAnswer status, string news)
    {
        var at = time.GetElapsedTime(began);
        if (news != told)
        {
            Console.WriteLine($"{at.TotalSeconds,5:0} s  {news}");
            told = news;
        }

        if (at < nextLine)
        {
            return;
        }

        nextLine = at + LineInterval;
        var (flow, down) = (status.Flow, status.Downstreams);
        Console.WriteLine(
            $"{at.TotalSeconds,5:0} s  sold {sold.Created}/{orders}  waiting {flow.Scheduled}  due {flow.DueNow}  divided {flow.Calculated}  completed {flow.Completed}  "
            + $"reversals {flow.ReversalsCompleted}/{flow.ReversalsRequested}  retrying {down.Sum(system => system.Retrying)}  unknown {down.Sum(system => system.Unknown)}  "
            + $"dead letters {status.DeadLetters}  events {status.Audit.Events}{(status.Ready ? "" : "  (" + status.NotReady[0] + ")")}");
    }
}
