// Standard error, where a client warns unless it is told where. A line that cannot be written is dropped.

import Foundation

enum StandardError {
    /// What writes a warning there.
    static func writer() -> @Sendable (String) -> Void {
        // Where it is closed, its number goes to whatever is opened next.
        guard fcntl(STDERR_FILENO, F_GETFD) != -1 else { return { _ in } }
        return { warning in
            withoutBrokenPipeSignal { write("activitysmith: \(warning)\n") }
        }
    }

    /// Foundation's `FileHandle` stops the program where it cannot write.
    private static func write(_ text: String) {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Foundation.write(STDERR_FILENO, $0.baseAddress, $0.count) }
            guard count > 0 || count < 0 && errno == EINTR else { return }
            bytes = bytes.dropFirst(max(count, 0))
        }
    }

    /// A pipe that nobody reads any more would end the program by a signal.
    private static func withoutBrokenPipeSignal(_ write: () -> Void) {
        var (brokenPipe, before, pending) = (sigset_t(), sigset_t(), sigset_t())
        sigemptyset(&brokenPipe)
        sigaddset(&brokenPipe, SIGPIPE)
        sigpending(&pending)
        let wasPending = sigismember(&pending, SIGPIPE) == 1
        guard pthread_sigmask(SIG_BLOCK, &brokenPipe, &before) == 0 else { return }
        write()
        sigpending(&pending)
        var signal: Int32 = 0
        if !wasPending, sigismember(&pending, SIGPIPE) == 1 { sigwait(&brokenPipe, &signal) }
        pthread_sigmask(SIG_SETMASK, &before, nil)
    }
}
