using System.Runtime.ExceptionServices;

namespace StreamSettle.Streams.Tasks;

/// <summary>Runs several closings one after the other; one that fails holds up none, and the first failure comes when all are done.</summary>
sealed class FirstFailure
{
    ExceptionDispatchInfo? first;

    public void Run(Action closing)
    {
        try
        {
            closing();
        }
        catch (Exception exception)
        {
            first ??= ExceptionDispatchInfo.Capture(exception);
        }
    }

    public void Throw() => first?.Throw();
}
