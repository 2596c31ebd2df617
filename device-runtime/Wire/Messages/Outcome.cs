namespace TrustMesh.Wire.Messages;

/// <summary>
/// How one check ended. Only <see cref="Pass"/> is a pass: nothing compared, no policy and no answer are results of their own
/// (attacks A08, A29).
/// </summary>
public enum Outcome { Pass = 0, Fail = 1, Warn = 2, NotCompared = 3, NoPolicy = 4, NoAnswer = 5 }
