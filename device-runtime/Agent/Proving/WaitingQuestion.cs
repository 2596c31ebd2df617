using TrustMesh.Wire.Messages;

namespace TrustMesh.Agent.Proving;

/// <summary>A question and who waits for its answer. Continuations run elsewhere: the batch must not wait for what callers do with an answer.</summary>
internal sealed class WaitingQuestion(Question question, CancellationToken stop)
{
    public Question Question { get; } = question;

    public TaskCompletionSource<Evidence> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Nobody waits any more: a signature over it would only be longer.</summary>
    public bool IsGone => stop.IsCancellationRequested;

    /// <summary>One signature vouches for one session key and quotes one selection of registers.</summary>
    public bool FitsWith(WaitingQuestion other)
        => ReferenceEquals(Question.Session, other.Question.Session) && Question.Bank == other.Question.Bank && Question.Pcrs.SequenceEqual(other.Question.Pcrs);
}
