namespace TrustMesh.Wire.Messages;

/// <summary>What a log entry measures. PROTOCOL.md section 6.</summary>
public enum LogEntryKind { File = 1, Absent = 2, Event = 3 }
