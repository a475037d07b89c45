using Microsoft.AspNetCore.Diagnostics;
using StreamSettle.App.Running;
using StreamSettle.Kernel.Failures;
using StreamSettle.Streams.Log;

namespace StreamSettle.App.Http;

/// <summary>Answers what failed on the way as problem+json, by who must act: 400 for the caller, 503 with what is away, and 500 without a word of ours for the rest, which the log tells.</summary>
sealed class FailureAnswers(ILogger<FailureAnswers> logger) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext http, Exception failure, CancellationToken stop)
    {
        await AnswerTo(http, failure).ExecuteAsync(http);
        return true;
    }

    IResult AnswerTo(HttpContext http, Exception failure)
    {
        switch (failure)
        {
            case BadHttpRequestException bad:
                return Results.Problem(BadRequests.Told(bad), statusCode: bad.StatusCode);
            case UserMistakeException mistake:
                return Results.Problem(mistake.Message, statusCode: StatusCodes.Status400BadRequest);
            case TimeoutException or OperationCanceledException:
                return Results.Problem("What the answer needs (the event log, or the service itself) has not answered in time.", statusCode: StatusCodes.Status503ServiceUnavailable);
            case TransactionAbortedException:
                return Results.Problem($"Nothing was done: {FailureText.OneLine(failure.Message)}. Ask again when the state directory can be written.", statusCode: StatusCodes.Status503ServiceUnavailable);
            case EnvironmentFailedException:
                return Results.Problem(FailureText.OneLine(failure.Message), statusCode: StatusCodes.Status503ServiceUnavailable);
            default:
                logger.RequestFailed(failure, http.Request.Method, http.GetEndpoint()?.DisplayName ?? "");
                return Results.Problem("The request failed by a mistake of the service; its log says more.", statusCode: StatusCodes.Status500InternalServerError);
        }
    }
}
