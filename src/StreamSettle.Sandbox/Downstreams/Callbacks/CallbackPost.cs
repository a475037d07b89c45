namespace StreamSettle.Sandbox.Downstreams.Callbacks;

/// <summary>Posts a callback to the service.</summary>
/// <param name="signature">The header <c>X-Signature</c>.</param>
/// <returns>Whether it was answered well; if not it is made again.</returns>
public delegate Task<bool> CallbackPost(string path, byte[] body, string signature, CancellationToken stop);
