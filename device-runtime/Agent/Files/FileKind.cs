namespace TrustMesh.Agent.Files;

/// <summary>The type bits of a Unix file mode.</summary>
public enum FileKind { Pipe = 1, CharacterDevice = 2, Directory = 4, BlockDevice = 6, Regular = 8, Symlink = 10, Socket = 12 }
