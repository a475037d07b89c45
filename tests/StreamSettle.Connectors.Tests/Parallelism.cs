using Xunit;

// Most of a test here is waiting, for a server that starts, a link that is silent, a mark that comes: two at once leave the processor idle for most of the time.
[assembly: CollectionBehavior(MaxParallelThreads = 4)]
