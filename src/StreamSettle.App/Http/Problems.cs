namespace StreamSettle.App.Http;

/// <summary>Answers that several endpoints give when they cannot do what was asked; problem+json all.</summary>
static class Problems
{
    public static IResult Starting() => Results.Problem("The service is starting.", statusCode: StatusCodes.Status503ServiceUnavailable);

    public static IResult Missing(string what) => Results.Problem(what, statusCode: StatusCodes.Status404NotFound);

    public static IResult Wrong(string what) => Results.Problem(what, statusCode: StatusCodes.Status400BadRequest);

    public static IResult Conflict(string what) => Results.Problem(what, statusCode: StatusCodes.Status409Conflict);
}
