using System.Data.Common;
using System.Net.Sockets;
using System.Security.Authentication;
using Npgsql;
using StreamSettle.Kernel.Failures;

namespace StreamSettle.App.Running;

/// <summary>The exit codes of contract/program.md.</summary>
static class ExitCodes
{
    public const int Done = 0;

    /// <summary>The user's mistake: the message names what and how to fix it.</summary>
    public const int Mistake = 1;

    /// <summary>A check found something.</summary>
    public const int Found = 2;

    /// <summary>The environment failed.</summary>
    public const int Environment = 3;

    /// <summary>Cut off by a signal before its end, as shells say it.</summary>
    public const int Interrupted = 130;

    /// <summary>A broken invariant, or corrupted state.</summary>
    public const int Broken = 70;

    public static int Of(Exception failure) => failure switch
    {
        UserMistakeException => Mistake,
        EnvironmentFailedException => Environment,
        IOException or UnauthorizedAccessException or HttpRequestException or SocketException or AuthenticationException => Environment,

        // Refused logins, databases, rights and tables are for the user; all else of a database may pass.
        PostgresException { SqlState: ['2', '8', ..] or ['3', 'D', ..] or ['4', '2', ..] } => Mistake,
        DbException => Environment,

        // A time-out of something around us; an end that was asked for never comes here.
        TimeoutException or OperationCanceledException => Environment,
        AggregateException { InnerExceptions: [var only] } => Of(only),
        _ => Broken,
    };
}
