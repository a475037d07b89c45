using StreamSettle.App.Commands;

return await CommandLine.RunAsync(args);
