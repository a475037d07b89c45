using StreamSettle.App.Commands;
using StreamSettle.App.Running;

NativeMemory.LimitArenas();
return await CommandLine.RunAsync(args);
