using System.Net.Sockets;
using Npgsql;
using StreamSettle.Connectors.Embedded.Server;
using Xunit;

namespace StreamSettle.Connectors.Tests.Embedded;

public class PostgresFailuresTests
{
    public static TheoryData<Exception, bool> Failures => new()
    {
        { new NpgsqlException("the connection is gone"), true },
        { new IOException(), true },
        { new SocketException(), true },
        { new OperationCanceledException(), true },
        { new NullReferenceException { Source = "Npgsql" }, true },
        { new NullReferenceException { Source = "StreamSettle.Connectors" }, false },
        { new InvalidOperationException { Source = "Npgsql" }, true },
        { new InvalidOperationException(), false },
        { new PostgresException("going down", "FATAL", "FATAL", "57P01"), true },
        { new PostgresException("no such slot", "ERROR", "ERROR", "42704"), false },
    };

    [Theory]
    [MemberData(nameof(Failures))]
    public void A_connection_that_broke_passes_however_the_driver_says_so(Exception failure, bool passes) =>
        Assert.Equal(passes, PostgresFailures.IsTransient(failure));
}
