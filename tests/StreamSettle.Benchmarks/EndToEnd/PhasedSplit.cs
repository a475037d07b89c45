using System.Text.Json.Nodes;

namespace StreamSettle.Benchmarks.EndToEnd;

/// <summary>Who used how much: from the first sale on, and of that from the first mark on, which is what bounds the orders a second.</summary>
readonly record struct PhasedSplit(ProcessorSplit Whole, ProcessorSplit AfterMark)
{
    /// <summary>Adds a field for each program and phase, in milliseconds an order.</summary>
    public void AddTo(JsonObject answer, int orders, bool onKafka)
    {
        Add(answer, "_cpu_ms_per_order", Whole, orders, onKafka);
        Add(answer, "_cpu_ms_per_order_after_mark", AfterMark, orders, onKafka);
    }

    static void Add(JsonObject answer, string ending, ProcessorSplit used, int orders, bool onKafka)
    {
        (string Program, TimeSpan Used)[] all = [("service", used.Service), ("postgres", used.Postgres), ("sandbox", used.Sandbox), ("broker", used.Broker), ("connect", used.Connect)];
        foreach (var (program, time) in onKafka ? all : all[..3])
        {
            answer[program + ending] = Math.Round(time.TotalMilliseconds / orders, 3);
        }
    }
}
