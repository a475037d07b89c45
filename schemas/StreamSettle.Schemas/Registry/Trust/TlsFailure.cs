using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace StreamSettle.Schemas.Registry.Trust;

/// <summary>Tells from a failed request what of TLS was wrong. The runtime says it in its message alone, by the names of its flags.</summary>
internal static class TlsFailure
{
    static readonly (string Name, TlsProblem Problem)[] Flags =
    [
        (nameof(X509ChainStatusFlags.UntrustedRoot), TlsProblem.Authority), (nameof(X509ChainStatusFlags.PartialChain), TlsProblem.Authority),
        (nameof(X509ChainStatusFlags.NotTimeValid), TlsProblem.Time), (nameof(SslPolicyErrors.RemoteCertificateNameMismatch), TlsProblem.Host),
    ];

    public static TlsProblem Of(Exception failure)
    {
        var (problem, isClosed) = (TlsProblem.None, false);
        foreach (var cause in Causes(failure))
        {
            if (cause is SocketException { SocketErrorCode: not (SocketError.ConnectionReset or SocketError.ConnectionAborted or SocketError.Shutdown) })
            {
                // Nobody was there to speak TLS with.
                return TlsProblem.None;
            }

            isClosed |= cause is AuthenticationException or IOException;
            problem |= cause is AuthenticationException ? Flags.Where(flag => cause.Message.Contains(flag.Name, StringComparison.Ordinal)).Aggregate(TlsProblem.None, (all, flag) => all | flag.Problem) : 0;
        }

        return problem == TlsProblem.None && isClosed ? TlsProblem.Ours : problem;
    }

    static IEnumerable<Exception> Causes(Exception failure)
    {
        for (Exception? one = failure; one is not null; one = one.InnerException)
        {
            yield return one;
            if (one is AggregateException several)
            {
                foreach (var cause in several.InnerExceptions.SelectMany(Causes))
                {
                    yield return cause;
                }

                yield break;
            }
        }
    }
}
