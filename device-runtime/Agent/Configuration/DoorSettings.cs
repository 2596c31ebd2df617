namespace TrustMesh.Agent.Configuration;

/// <summary>Where applications on this device ask the agent (DOOR.md).</summary>
/// <param name="Path">Absolute path of a Unix socket in a directory that only the agent may write; at most 107 bytes.</param>
/// <param name="Mode">Who may ask: whoever may write the socket, such as 0660 for the agent's group.</param>
public sealed record DoorSettings(string Path, UnixFileMode Mode)
{
    /// <summary>Bytes of a path that <c>sockaddr_un</c> carries.</summary>
    public const int LongestPath = 107;

    /// <summary>0660: the agent's user and group.</summary>
    public const UnixFileMode DefaultMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite;

    /// <summary>A door in the state directory: for the agent's own user alone, whatever its mode.</summary>
    public static DoorSettings In(string state) => new(System.IO.Path.Combine(state, "door.sock"), DefaultMode);
}
