using TrustMesh.Agent.Configuration;
using TrustMesh.Agent.Files;

namespace TrustMesh.Agent.Identity;

/// <summary>
/// Where the join token comes from: the configured file, else systemd's credential <c>join-token</c>, else <c>TRUSTMESH_JOIN_TOKEN</c>. Looked
/// for anew at each attempt, so that an operator can put a new one in place without a restart.
/// </summary>
public static class JoinTokenSource
{
    public const string Variable = "TRUSTMESH_JOIN_TOKEN", Credential = "join-token";
    private const int LargestFile = 4096;

    /// <summary>The token, or null and a sentence with the fix. The sentence never has the token in it.</summary>
    public static JoinToken? Find(AgentConfig config, out string problem)
    {
        var credentials = Environment.GetEnvironmentVariable("CREDENTIALS_DIRECTORY");
        var file = config.JoinTokenFile ?? (credentials is { Length: > 0 } && File.Exists(Path.Combine(credentials, Credential)) ? Path.Combine(credentials, Credential) : null);
        var text = file is null ? Environment.GetEnvironmentVariable(Variable) : ReadFile(file, out problem);
        problem = file is null
            ? $"This device has not joined yet and has no join token. Make one with: trustmesh enroll token create, and put it into the file \"joinTokenFile\" names (or into {Variable})."
            : $"The join token file {file} can not be used: it must be a plain file with one token of the form tmj1_…_…. Make one with: trustmesh enroll token create";
        return text is not null && JoinToken.TryParse(text, out var token) ? token : null;
    }

    private static string? ReadFile(string file, out string problem)
    {
        problem = "";
        if (Posix.Look(file, out _) is not { Kind: FileKind.Regular, Size: <= LargestFile }) return null;
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
