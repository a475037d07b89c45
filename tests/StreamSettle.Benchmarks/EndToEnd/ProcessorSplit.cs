using System.Globalization;
using StreamSettle.Sandbox.Postgres;

namespace StreamSettle.Benchmarks.EndToEnd;

/// <summary>
/// Who used how much processor: the service, all instances; the server of shop and event log; on a cluster its broker and Connect; and this process, which is the shop and the five systems.
/// </summary>
readonly record struct ProcessorSplit(TimeSpan Service, TimeSpan Postgres, TimeSpan Broker, TimeSpan Connect, TimeSpan Sandbox)
{
    public static ProcessorSplit Now(MeasuredService service, PrivatePostgres postgres, KafkaSide? cluster) => new(
        service.ProcessorTime(), ProcessorTime.Of(Postmaster(postgres)), cluster is null ? TimeSpan.Zero : ProcessorTime.Of(cluster.BrokerProcess),
        cluster is null ? TimeSpan.Zero : ProcessorTime.Of(cluster.ConnectProcess), Environment.CpuUsage.TotalTime);

    public static ProcessorSplit operator -(ProcessorSplit later, ProcessorSplit earlier) => new(
        later.Service - earlier.Service, later.Postgres - earlier.Postgres, later.Broker - earlier.Broker, later.Connect - earlier.Connect, later.Sandbox - earlier.Sandbox);

    /// <summary>The first line of <c>postmaster.pid</c>.</summary>
    static int Postmaster(PrivatePostgres postgres) =>
        int.Parse(File.ReadLines(Path.Combine(postgres.Directory, "data", "postmaster.pid")).First(), CultureInfo.InvariantCulture);
}
