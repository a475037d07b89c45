using System.Globalization;
using StreamSettle.Sandbox.Postgres;

namespace StreamSettle.Benchmarks.EndToEnd;

/// <summary>Who used how much processor: the service; the server of shop and event log; and this process, which is the shop and the five systems.</summary>
readonly record struct ProcessorSplit(TimeSpan Service, TimeSpan Postgres, TimeSpan Sandbox)
{
    public static ProcessorSplit Now(ServiceProcess service, PrivatePostgres postgres) =>
        new(service.ProcessorTime(), ProcessorTime.Of(Postmaster(postgres)), Environment.CpuUsage.TotalTime);

    public static ProcessorSplit operator -(ProcessorSplit later, ProcessorSplit earlier) =>
        new(later.Service - earlier.Service, later.Postgres - earlier.Postgres, later.Sandbox - earlier.Sandbox);

    /// <summary>The first line of <c>postmaster.pid</c>.</summary>
    static int Postmaster(PrivatePostgres postgres) =>
        int.Parse(File.ReadLines(Path.Combine(postgres.Directory, "data", "postmaster.pid")).First(), CultureInfo.InvariantCulture);
}
