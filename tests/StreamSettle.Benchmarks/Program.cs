using StreamSettle.Benchmarks;
using StreamSettle.Benchmarks.Jobs;
using StreamSettle.Kernel.Failures;

// One line a job; `list` names them in this order.
IBenchmarkJob[] jobs =
[
    new SettlementJob(),
    new AuditAppendJob(),
    new AuditEncryptJob(),
    new AuditVerifyJob(),
    new JsonJob(),
    new AvroJob(),
    new CdcJob(),
    new ScanJob(),
    new ClockJob(),
    new DelayJob(),
    new RestartJob(),
    new EndToEndJob(),
    new SteadyJob(),
    new SeedJob(),
    new CallsJob(),
    new HostsJob(),
];

if (args is [] or ["list"])
{
    foreach (var known in jobs)
    {
        Console.WriteLine(known.Name);
    }

    return 0;
}

try
{
    var job = jobs.FirstOrDefault(job => job.Name == args[0])
        ?? throw new UserMistakeException($"there is no job '{args[0]}'; `list` names those there are");
    Console.WriteLine(job.Run(BenchmarkOptions.Parse(args[1..])));
    return 0;
}
catch (UserMistakeException mistake)
{
    Console.Error.WriteLine(mistake.Message);
    return 1;
}
