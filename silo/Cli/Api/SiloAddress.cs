namespace TrustMesh.Cli.Api;

/// <summary>Where a silo's operator listener is: scheme, host and port, nothing else.</summary>
internal static class SiloAddress
{
    /// <summary>The one text form used for requests and as key of the token file; a failure for anything that is not a plain http(s) address.</summary>
    public static Uri Parse(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.AbsolutePath != "/"
            || uri.Query.Length > 0 || uri.Fragment.Length > 0 || uri.UserInfo.Length > 0)
            throw new CommandFailure(ExitCode.Usage, $"'{text}' is not the address of a silo.", "Give scheme, host and port, such as http://127.0.0.1:7443.");
        // A session token over plain HTTP may not leave the machine.
        if (uri.Scheme == "http" && !uri.IsLoopback)
            throw new CommandFailure(ExitCode.Usage, $"{uri} would carry the session token unencrypted.", "Use https, or a tunnel that ends on this machine.");
        return uri;
    }
}
